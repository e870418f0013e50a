-- Empty everything that is derived from captures.
SELECT mud.graph_clear()
