"""From a lesson to a document in one of the formats."""
