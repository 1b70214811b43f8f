/** Where a walk through an instance stands. Kept as steps and written out only for what is told, since most of what is walked through is right. */
export class Place {
  readonly #steps: (string | number)[] = [];

  /** Goes into an attribute, or to an item of a list. */
  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  /** As a path of a finding, "" where the walk began. */
  toString(): string {
    let path = "";
    for (const step of this.#steps) path += typeof step === "number" ? `[${step}]` : path === "" ? step : `.${step}`;
    return path;
  }
}
