"""What products for officers contain: the week's brief, the letter of urging; and the orders for them."""
