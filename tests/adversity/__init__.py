"""What goes wrong on purpose: cuts, kills, full disks, slow links."""
