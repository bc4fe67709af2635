"""The JSON door, and the promises that its document makes."""
