// Generated from features/shifts/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "shifts.addBreak": Readonly<Record<never, never>>;
    "shifts.addShift": Readonly<Record<never, never>>;
    "shifts.asShipped": Readonly<Record<never, never>>;
    "shifts.branch": { readonly line: MessageParam };
    "shifts.break": Readonly<Record<never, never>>;
    "shifts.breakMinutes": { readonly name: MessageParam };
    "shifts.breakStart": { readonly name: MessageParam };
    "shifts.changed": Readonly<Record<never, never>>;
    "shifts.changedMeanwhile": { readonly line: MessageParam };
    "shifts.days": Readonly<Record<never, never>>;
    "shifts.edit": Readonly<Record<never, never>>;
    "shifts.effect": Readonly<Record<never, never>>;
    "shifts.end": Readonly<Record<never, never>>;
    "shifts.exception.add": Readonly<Record<never, never>>;
    "shifts.exception.closed": Readonly<Record<never, never>>;
    "shifts.exception.date": Readonly<Record<never, never>>;
    "shifts.exception.extra": Readonly<Record<never, never>>;
    "shifts.exception.kind": Readonly<Record<never, never>>;
    "shifts.exception.remove": { readonly date: MessageParam };
    "shifts.exception.title": Readonly<Record<never, never>>;
    "shifts.exceptions": Readonly<Record<never, never>>;
    "shifts.failed": Readonly<Record<never, never>>;
    "shifts.fault.breakOutside": { readonly start: MessageParam; readonly name: MessageParam };
    "shifts.fault.breaksOverlap": { readonly start: MessageParam; readonly name: MessageParam };
    "shifts.fault.noDay": { readonly name: MessageParam };
    "shifts.fault.overlap": { readonly other: MessageParam; readonly day: string; readonly start: MessageParam; readonly name: MessageParam };
    "shifts.fault.overlapOn": { readonly date: MessageParam; readonly name: MessageParam; readonly other: MessageParam };
    "shifts.fault.period": { readonly from: MessageParam; readonly until: MessageParam };
    "shifts.fault.sameDate": { readonly date: MessageParam };
    "shifts.fault.sameName": { readonly name: MessageParam };
    "shifts.fromUntil": { readonly from: MessageParam; readonly until: MessageParam };
    "shifts.holdsFrom": { readonly moment: MessageParam };
    "shifts.inZone": { readonly zone: MessageParam };
    "shifts.incomplete": { readonly count: number };
    "shifts.minutes": Readonly<Record<never, never>>;
    "shifts.name": Readonly<Record<never, never>>;
    "shifts.needed": Readonly<Record<never, never>>;
    "shifts.newShift": Readonly<Record<never, never>>;
    "shifts.noCalendar": { readonly id: MessageParam };
    "shifts.noLine": Readonly<Record<never, never>>;
    "shifts.noTime": Readonly<Record<never, never>>;
    "shifts.notStored": { readonly line: MessageParam };
    "shifts.note.clockChange": { readonly date: MessageParam; readonly name: MessageParam; readonly hours: MessageParam };
    "shifts.note.noShift": Readonly<Record<never, never>>;
    "shifts.note.overMidnight": { readonly name: MessageParam; readonly end: MessageParam };
    "shifts.off": Readonly<Record<never, never>>;
    "shifts.propose": Readonly<Record<never, never>>;
    "shifts.removeBreak": { readonly start: MessageParam; readonly name: MessageParam };
    "shifts.removeShift": { readonly name: MessageParam };
    "shifts.shipped": Readonly<Record<never, never>>;
    "shifts.start": Readonly<Record<never, never>>;
    "shifts.store": Readonly<Record<never, never>>;
    "shifts.title": Readonly<Record<never, never>>;
    "shifts.titleOf": { readonly line: MessageParam };
    "shifts.until": { readonly until: MessageParam };
    "shifts.validFrom": Readonly<Record<never, never>>;
    "shifts.validUntil": Readonly<Record<never, never>>;
    "shifts.week": Readonly<Record<never, never>>;
  }
}
