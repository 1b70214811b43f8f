/** What is saved as it comes, one after another, without holding up what comes. After the first failure nothing more is saved; `done` throws it. */
export class Saving {
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  add(save: () => Promise<void>): void {
    this.#last = this.#last.then(() => this.#save(save));
  }

  async done(): Promise<void> {
    await this.#last;
    if (this.#failure) throw this.#failure.error;
  }

  async #save(save: () => Promise<void>): Promise<void> {
    if (this.#failure) return;
    try {
      await save();
    } catch (error) {
      this.#failure = { error };
    }
  }
}
