"""Files as they are published: recognise → parse → check → report → apply at once, or undo.

``engine.import_file`` is the one way in, for the command and for the administrators' page.
"""
