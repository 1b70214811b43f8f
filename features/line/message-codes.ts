// Generated from features/line/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "line.alarmNotStateCan": { readonly action: MessageParam; readonly rule: MessageParam };
    "line.lineNo": Readonly<Record<never, never>>;
    "line.lineNoShiftCalendar": Readonly<Record<never, never>>;
    "line.noProductionLineCanReadShells": Readonly<Record<never, never>>;
    "line.worldNoProductionLineYet": Readonly<Record<never, never>>;
  }
}
