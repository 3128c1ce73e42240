"""What test_model.py is made of: one program with its people, all that may befall it, and what must hold.

cast      who there is, and what has happened before a story begins
store     the program's file, as another process reads it, with a history of leads and messages
witness   what leaves the program and what it confirms, seen from outside
stage     the program: its store breaks, it is killed and started again
acting    how somebody says or presses something
movers    what movers do
hosts     what hosts, coordinators and strangers do
troubles  what else happens, and what breaks
promises  what must hold after every step
endings   what must hold when all has been whole for a while
"""
