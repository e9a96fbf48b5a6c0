"""« L'élu en trois minutes » : what is read on a phone on the way to the meeting, and its one page."""
