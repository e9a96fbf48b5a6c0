"""Pages of the room: documents (``documents``), themes of the diagnosis (``themes``), and what
prepares its report (``report``)."""
