"""Operators' commands: one module for each group. `commands` has the table; a group's module is loaded when it is used.

A module holds its click command or group as `command`. Commands print for people and, with --json, for programs; they exit with
0 (done), 1 (refused, or a fault was found) or 2 (wrong usage), and errors go to standard error in words.
"""
