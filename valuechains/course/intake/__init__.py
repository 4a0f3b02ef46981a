"""What students hand in, as it comes: packed files, attempts and which counts, notebooks whatever their state.

`course.collect` and `course.owners` put the class's work in order with it; `course.grading` marks what it reads.
"""
