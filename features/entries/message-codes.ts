// Generated from features/entries/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "entries.connectionSwitchedOff": { readonly name: MessageParam };
    "entries.entryCanWithdrawn": { readonly name: MessageParam };
    "entries.entryCorrected": { readonly id: MessageParam };
    "entries.noEntryIdSignal": { readonly id: MessageParam };
    "entries.noSignalId": { readonly id: MessageParam };
    "entries.signalComesPlant": { readonly name: MessageParam };
    "entries.signalTypeTakesNo": { readonly name: MessageParam; readonly valueType: MessageParam; readonly value: MessageParam };
    "entries.value1990OrLater": { readonly name: MessageParam };
    "entries.valuePastOrNow": { readonly name: MessageParam };
  }
}
