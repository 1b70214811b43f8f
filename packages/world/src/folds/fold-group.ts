import type { Instant } from "../instant.ts";
import { codeOfOrigin } from "../signals/origin.ts";
import type { Concluded } from "./fold.ts";
import type { Emitted, FoldMember } from "./fold-member.ts";

/** A fold whose timer is due at once again and again is stopped. */
const FIRES_MAX = 10_000;

/** Instances that depend on each other, in order of their needs, at one instant together. */
export class FoldGroup {
  readonly members: readonly FoldMember[];
  readonly #give: (concluded: Concluded) => void;
  #now: Instant;
  /** An act is known before what was measured in its moment comes. */
  #known: Instant = 0;
  /** Nothing happens before it. */
  next: Instant = 0;

  constructor(members: readonly FoldMember[], give: (concluded: Concluded) => void) {
    this.members = members;
    this.#give = give;
    this.#now = Math.max(0, ...members.map(({ at }) => at));
  }

  /** A sample or event of this time was put to a member. */
  waits(time: Instant): void {
    if (time < this.next) this.next = time;
  }

  advance(until: Instant): void {
    for (;;) {
      let next = Number.POSITIVE_INFINITY;
      let due = Number.POSITIVE_INFINITY;
      for (const member of this.members) {
        if (member.fault !== undefined) continue;
        next = Math.min(next, member.intake.nextTime(until));
        due = Math.min(due, member.due());
      }
      if (Math.min(next, due) > until) {
        // what waits beyond is found by its timer, or when more comes
        this.next = due;
        break;
      }
      this.#now = Math.max(this.#now, Math.min(next, due));
      if (due <= next) this.#fire();
      if (next <= this.#now) this.#take();
      this.#settle();
    }
    for (const { intake, fault } of this.members) {
      if (fault !== undefined) continue;
      intake.settle();
      this.waits(intake.nextTime(Number.POSITIVE_INFINITY));
    }
  }

  act(member: FoldMember, type: string, event: unknown, at: Instant): void {
    this.#guard(member, () => member.act(type, event, at));
    this.#giveOut(member, true, Math.max(this.#now, at));
    this.#settle();
    this.next = Math.min(this.next, ...this.members.map((each) => (each.fault === undefined ? each.due() : Number.POSITIVE_INFINITY)));
  }

  /** Timers, in order of needs, until none is due. */
  #fire(): void {
    for (let fires = 0; ; fires++) {
      let fired = false;
      for (const member of this.members) {
        if (member.fault !== undefined || member.due() > this.#now) continue;
        fired = true;
        member.touched = true;
        if (fires > FIRES_MAX) this.stop(member, new Error(`its timer is due without end at ${this.#now}`));
        else this.#guard(member, () => member.folding.fire?.(this.#now));
        this.#giveOut(member, true, this.#now);
      }
      if (!fired) return;
    }
  }

  #take(): void {
    for (const member of this.members) {
      if (member.fault !== undefined) continue;
      // not by #guard: once a sample, without a function for each
      try {
        this.#takeOf(member);
      } catch (error) {
        this.stop(member, error);
      }
      this.#settleOne(member);
    }
  }

  #takeOf(member: FoldMember): void {
    while (member.intake.nextTime(this.#now) <= this.#now) {
      member.intake.take(member.takeSample, member.takeRecorded);
      if (member.emitted.length > 0) this.#giveOut(member, false, this.#now);
    }
    member.takeWaiting();
  }

  #settle(): void {
    for (const member of this.members) {
      if (member.fault !== undefined) continue;
      if (member.waits) this.#guard(member, () => member.takeWaiting());
      if (member.touched) this.#settleOne(member);
    }
  }

  #settleOne(member: FoldMember): void {
    if (!member.touched || member.fault !== undefined) return;
    member.touched = false;
    try {
      member.folding.settle?.(this.#now);
    } catch (error) {
      this.stop(member, error);
    }
    this.#giveOut(member, false, this.#now);
  }

  #giveOut(member: FoldMember, timed: boolean, known: Instant): void {
    if (member.emitted.length === 0) return;
    this.#known = Math.max(this.#known, known);
    for (const emitted of member.emitted.splice(0)) this.#giveOne(member, emitted, timed, this.#known);
  }

  #giveOne(member: FoldMember, { output, at: { from, final = true, inputs } }: Emitted, timed: boolean, known: Instant): void {
    const origin = member.originOf(inputs);
    this.#give({ fold: member.fold.id, subject: member.subject, output, known, from, final, origin, timed });
    for (const { type, member: other, slot } of member.feeds)
      if (type === output.type) this.#guard(other, () => other.receive(slot, output, { known, from, final }, codeOfOrigin(origin), timed));
  }

  #guard(member: FoldMember, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.stop(member, error);
    }
  }

  /** Named and stopped, with what needs it. */
  stop(member: FoldMember, error: unknown): void {
    if (member.fault !== undefined) return;
    const { subject, taken } = member;
    member.fault = { fold: member.fold.id, subject, at: this.#now, taken, error };
    for (const { member: other } of member.feeds) this.#stopFor(other, member.fold.id);
  }

  #stopFor(member: FoldMember, needs: string): void {
    if (member.fault !== undefined) return;
    member.fault = { fold: member.fold.id, subject: member.subject, at: this.#now, taken: member.taken, needs };
    for (const { member: other } of member.feeds) this.#stopFor(other, member.fold.id);
  }
}
