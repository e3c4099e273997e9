"""Two packages compared, part by part: what they hold, their rows, and the reasons why these differ."""
