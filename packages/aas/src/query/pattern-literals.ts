/**
 * Texts of which at least one stands in every text that holds the pattern (of RE2, see pattern.ts). Undefined = the pattern does not tell. What is in doubt
 * is left out, so that the answer never leaves out a text that matches.
 */
export function literalsOf(pattern: string): readonly string[] | undefined {
  // Flags change what a letter means, and quoted stretches what everything does.
  if (/\(\?(?!:)|\\Q/.test(pattern)) return undefined;
  const reading = new PatternReading([...pattern]);
  const literals = reading.alternatives();
  return reading.isAtEnd ? literals : undefined;
}

/** Literals nested deeper are not looked for. */
const DEEPEST = 50;

class PatternReading {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** What each of several alternatives needs: one of these texts. Ends before a closing bracket. */
  alternatives(): readonly string[] | undefined {
    const each: (readonly string[] | undefined)[] = [this.#sequence()];
    while (this.#takes("|")) each.push(this.#sequence());
    return each.includes(undefined) ? undefined : each.flatMap((texts) => texts!);
  }

  /** The best of what the parts of a sequence need: each part is needed. */
  #sequence(): readonly string[] | undefined {
    let best: readonly string[] | undefined;
    let run: string[] = [];
    const offer = (texts: readonly string[] | undefined): void => {
      if (texts !== undefined && (best === undefined || shortest(texts) > shortest(best))) best = texts;
    };
    const endRun = (): void => {
      if (run.length > 0) offer([run.join("")]);
      run = [];
    };
    while (!this.isAtEnd && this.#next !== "|" && this.#next !== ")") {
      const part = this.#part();
      const times = this.#repetition();
      if (typeof part !== "string") {
        endRun();
        if (times !== "perhaps") offer(part);
        continue;
      }
      if (times !== "perhaps") run.push(part);
      if (times !== "once") endRun();
    }
    endRun();
    return best;
  }

  /** One character that stands for itself, or what a group needs; undefined = nothing is known of it. */
  #part(): string | readonly string[] | undefined {
    const character = this.#take();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#escape();
      case ".":
      case "^":
      case "$":
      // What stands first cannot repeat anything: either it is refused or it means itself.
      case "*":
      case "+":
      case "?":
      case "{":
        return undefined;
      default:
        return character;
    }
  }

  #group(): readonly string[] | undefined {
    if (this.#takes("?")) this.#take();
    if (++this.#depth > DEEPEST) this.#at = Infinity;
    const texts = this.alternatives();
    this.#depth--;
    return this.#takes(")") ? texts : undefined;
  }

  #class(): undefined {
    this.#takes("^");
    this.#takes("]");
    while (!this.isAtEnd) {
      const character = this.#take();
      if (character === "]") return;
      if (character === "\\") this.#take();
      else if (character === "[" && this.#next === ":") while (!this.isAtEnd && this.#take() !== "]");
    }
  }

  #escape(): string | undefined {
    const character = this.#take();
    if (character === undefined) return undefined;
    // A punctuation mark stands for itself; a letter or digit for a class, a place or a number of a character.
    if (!/[\p{L}\p{N}]/u.test(character)) return character;
    if (this.#takes("{")) while (!this.isAtEnd && this.#take() !== "}");
    else if (/[pPx]/.test(character)) this.#at += character === "x" ? 2 : 1;
    else if (/[0-9]/.test(character)) while (/[0-9]/.test(this.#next ?? "")) this.#at++;
    return undefined;
  }

  /** How often what was read stands there: exactly once, at least once, or perhaps not at all. */
  #repetition(): "once" | "some" | "perhaps" {
    let times: "once" | "some" | "perhaps" = "once";
    for (;;) {
      if (this.#takes("+")) times = times === "perhaps" ? times : "some";
      else if (this.#takes("*") || this.#takes("?")) times = "perhaps";
      else if (this.#next === "{") {
        const end = this.#characters.indexOf("}", this.#at);
        const isCount = end > 0 && /^\{[0-9]*,?[0-9]*$/.test(this.#characters.slice(this.#at, end).join(""));
        this.#at = isCount ? end + 1 : this.#at + 1;
        times = "perhaps";
      } else return times;
    }
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string | undefined {
    return this.#characters[this.#at++];
  }

  #takes(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}
