"""Every date of an agreement, on one page by month, as a list, and as a feed to subscribe to."""
