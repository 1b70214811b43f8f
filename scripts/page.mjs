// The page that a start writes on the terminal: one line a step with what it took, everything else below or not at all. Plain JavaScript, because the
// step that installs runs on whatever Node the machine has. It goes to stderr: stdout belongs to the line that says where the server is.
let open = false;

/** Begins a step; the function returned ends its line with the time it took, and a remark. */
export function step(name) {
  const began = performance.now();
  say(`  ${name} `.padEnd(25, ".") + " ");
  open = true;
  return (remark = "") => {
    if (!open) say(`  ${name} `.padEnd(25, ".") + " ");
    open = false;
    say(`${`${((performance.now() - began) / 1_000).toFixed(1)} s`.padStart(7)}${remark && `   ${remark}`}\n`);
  };
}

/** Whole lines; a step that is under way gets its line again when it ends. */
export function tell(text) {
  if (open) say("\n");
  open = false;
  say(`${text}\n`);
}

export function heading() {
  tell("\n  Doppelwerk\n  The plant's recorder with a fork button\n");
}

function say(text) {
  process.stderr.write(text);
}
