"""What comes of marked work, and what an instructor reads: feedback, scores, reports, answer keys, the syllabus.

marked: the marks of a chapter as they stand, which most of the others start from. pages: how they become HTML.
"""
