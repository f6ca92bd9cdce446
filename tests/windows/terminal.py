"""Runs a command on a terminal, as a person does who may press Ctrl-C.

Usage: python terminal.py FILE COMMAND...
Once FILE has more than a hundred bytes, Ctrl-C is pressed; a FILE that is `-` never has. What the command
writes goes to stdout, without what moves the cursor. The exit code is the command's.
"""

import os
import pty
import re
import select
import sys
import time

file, *command = sys.argv[1:]
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
pressed = False
said = b""
end = time.monotonic() + 120
while time.monotonic() < end:
    if not pressed and os.path.exists(file) and os.path.getsize(file) > 100:
        os.write(terminal, b"\x03")
        pressed = True
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        part = os.read(terminal, 1 << 16)
    except OSError:  # the terminal of a command that has ended
        part = b""
    if not part:
        break
    said += part
else:
    os.kill(process, 9)
code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
print(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07", "", said.decode(errors="replace")))
sys.exit(code)
