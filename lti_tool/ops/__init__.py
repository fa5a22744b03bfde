"""What an operator watches: health and metrics."""
