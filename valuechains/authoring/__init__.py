"""What authors write of a chapter, each thing read in one place: the book and the course both stand on this room.

chapter: the head, outcomes and lists of a chapter's notebook. source: the exercises of `exercises/NN-name`, with their
solutions, model texts and mark schemes. questions: the short questions of a page. formulas: LaTeX as MathML.
"""
