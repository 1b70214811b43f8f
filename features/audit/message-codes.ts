// Generated from features/audit/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "audit.about": Readonly<Record<never, never>>;
    "audit.action": Readonly<Record<never, never>>;
    "audit.adds": Readonly<Record<never, never>>;
    "audit.bad": Readonly<Record<never, never>>;
    "audit.break": Readonly<Record<never, never>>;
    "audit.close": Readonly<Record<never, never>>;
    "audit.counted": Readonly<Record<never, never>>;
    "audit.csv": Readonly<Record<never, never>>;
    "audit.csvFailed": Readonly<Record<never, never>>;
    "audit.duration": Readonly<Record<never, never>>;
    "audit.end": Readonly<Record<never, never>>;
    "audit.fall": { readonly clock: MessageParam; readonly before: MessageParam; readonly after: MessageParam };
    "audit.falls": { readonly count: number; readonly places: MessageParam };
    "audit.first": Readonly<Record<never, never>>;
    "audit.gap": { readonly station: MessageParam; readonly from: MessageParam; readonly to: MessageParam; readonly duration: MessageParam };
    "audit.gaps": Readonly<Record<never, never>>;
    "audit.group.alarms": Readonly<Record<never, never>>;
    "audit.group.energy": Readonly<Record<never, never>>;
    "audit.group.forecast": Readonly<Record<never, never>>;
    "audit.group.losses": Readonly<Record<never, never>>;
    "audit.group.oee": Readonly<Record<never, never>>;
    "audit.group.output": Readonly<Record<never, never>>;
    "audit.group.time": Readonly<Record<never, never>>;
    "audit.hidden": { readonly count: number };
    "audit.inputs": Readonly<Record<never, never>>;
    "audit.instant": { readonly at: MessageParam; readonly zone: MessageParam };
    "audit.isCounted": Readonly<Record<never, never>>;
    "audit.last": Readonly<Record<never, never>>;
    "audit.lasts": Readonly<Record<never, never>>;
    "audit.moreSpans": { readonly count: MessageParam };
    "audit.moreTerms": { readonly count: MessageParam };
    "audit.no": Readonly<Record<never, never>>;
    "audit.noFigure": { readonly figure: MessageParam };
    "audit.noGaps": Readonly<Record<never, never>>;
    "audit.none": Readonly<Record<never, never>>;
    "audit.noneText": Readonly<Record<never, never>>;
    "audit.off": Readonly<Record<never, never>>;
    "audit.piece": Readonly<Record<never, never>>;
    "audit.pieces": { readonly counted: MessageParam; readonly count: MessageParam };
    "audit.plan": Readonly<Record<never, never>>;
    "audit.planned": Readonly<Record<never, never>>;
    "audit.print": Readonly<Record<never, never>>;
    "audit.reading": { readonly percent: MessageParam };
    "audit.rule": Readonly<Record<never, never>>;
    "audit.samples": Readonly<Record<never, never>>;
    "audit.signal": Readonly<Record<never, never>>;
    "audit.span": { readonly from: MessageParam; readonly to: MessageParam; readonly duration: MessageParam; readonly zone: MessageParam };
    "audit.standard": { readonly standard: MessageParam };
    "audit.start": Readonly<Record<never, never>>;
    "audit.state": Readonly<Record<never, never>>;
    "audit.states": { readonly station: MessageParam; readonly count: number };
    "audit.text": Readonly<Record<never, never>>;
    "audit.title": Readonly<Record<never, never>>;
    "audit.titleOf": { readonly line: MessageParam };
    "audit.unit.alarms": { readonly value: number };
    "audit.unit.perHour": { readonly value: MessageParam };
    "audit.unit.units": { readonly value: number };
    "audit.unknown": Readonly<Record<never, never>>;
    "audit.word": Readonly<Record<never, never>>;
    "audit.yes": Readonly<Record<never, never>>;
  }
}
