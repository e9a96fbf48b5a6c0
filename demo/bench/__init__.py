"""The benchmark: what pages and documents cost, each beside a floor measured in the same run."""

EMPTY_PAGE = "page-vide"
