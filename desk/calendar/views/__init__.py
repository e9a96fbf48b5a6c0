"""The pages of the calendar, its own dates, its subscriptions."""
