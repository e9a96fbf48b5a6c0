"""The plan as a workbook that goes out, and comes back: by the coordinator, by a partner for the
actions that they lead, or made by someone else.

``book`` says which sheets and cells are whose, ``rows`` fills them, ``adapt`` makes a file's lines
comparable with them, ``writer`` writes a line through the services; ``kind`` declares all of it to
``agreements.import_kinds``.
"""
