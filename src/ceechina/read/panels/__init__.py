"""Country-year panels: what is counted or added up, in which years, over what sources cover, in which currency."""
