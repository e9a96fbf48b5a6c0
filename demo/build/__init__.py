"""The example written through the services, room by room. ``demo.services`` calls them in order."""
