-- Pages of a board beside each other: is one behind the last the last again?
CREATE INDEX frontier_board ON mud.frontier (source_id, board, page)
    WHERE kind = 'board';
