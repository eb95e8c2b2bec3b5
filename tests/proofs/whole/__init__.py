"""Conversations on engines that are being killed: who talks, what each heard, what must be true."""
