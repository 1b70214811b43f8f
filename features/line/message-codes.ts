// Generated from features/line/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "line.alarmNotStateCan": { readonly action: MessageParam; readonly rule: MessageParam };
    "line.drift": { readonly station: MessageParam; readonly what: string; readonly of: MessageParam; readonly recent: MessageParam; readonly shifts: MessageParam; readonly n: MessageParam; readonly before: MessageParam };
    "line.lineNo": Readonly<Record<never, never>>;
    "line.lineNoShiftCalendar": Readonly<Record<never, never>>;
    "line.neverObserved": { readonly factor: MessageParam };
    "line.noProductionLineCanReadShells": Readonly<Record<never, never>>;
    "line.worldNoProductionLineYet": Readonly<Record<never, never>>;
  }
}
