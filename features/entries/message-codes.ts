// Generated from features/entries/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "entries.about": Readonly<Record<never, never>>;
    "entries.at": { readonly moment: MessageParam };
    "entries.book": Readonly<Record<never, never>>;
    "entries.bookLabel": Readonly<Record<never, never>>;
    "entries.by": Readonly<Record<never, never>>;
    "entries.connectionSwitchedOff": { readonly name: MessageParam };
    "entries.correct": Readonly<Record<never, never>>;
    "entries.correctedTo": { readonly value: MessageParam; readonly name: MessageParam };
    "entries.corrects": Readonly<Record<never, never>>;
    "entries.declare": Readonly<Record<never, never>>;
    "entries.declareNote": Readonly<Record<never, never>>;
    "entries.declareTitle": Readonly<Record<never, never>>;
    "entries.enter": Readonly<Record<never, never>>;
    "entries.entered": { readonly name: MessageParam; readonly value: MessageParam };
    "entries.entryCanWithdrawn": { readonly name: MessageParam };
    "entries.entryCorrected": { readonly id: MessageParam };
    "entries.listEmpty": Readonly<Record<never, never>>;
    "entries.listNote": Readonly<Record<never, never>>;
    "entries.listTitle": Readonly<Record<never, never>>;
    "entries.name": Readonly<Record<never, never>>;
    "entries.noEntryIdSignal": { readonly id: MessageParam };
    "entries.noSignalId": { readonly id: MessageParam };
    "entries.noneText": Readonly<Record<never, never>>;
    "entries.noneTitle": Readonly<Record<never, never>>;
    "entries.note": Readonly<Record<never, never>>;
    "entries.of": Readonly<Record<never, never>>;
    "entries.personal": Readonly<Record<never, never>>;
    "entries.remark": Readonly<Record<never, never>>;
    "entries.rightValue": Readonly<Record<never, never>>;
    "entries.signal": Readonly<Record<never, never>>;
    "entries.signalComesPlant": { readonly name: MessageParam };
    "entries.signalTypeTakesNo": { readonly name: MessageParam; readonly valueType: MessageParam; readonly value: MessageParam };
    "entries.tab": Readonly<Record<never, never>>;
    "entries.time": { readonly zone: MessageParam };
    "entries.timeNow": Readonly<Record<never, never>>;
    "entries.title": Readonly<Record<never, never>>;
    "entries.type": Readonly<Record<never, never>>;
    "entries.types.boolean": Readonly<Record<never, never>>;
    "entries.types.double": Readonly<Record<never, never>>;
    "entries.types.integer": Readonly<Record<never, never>>;
    "entries.types.string": Readonly<Record<never, never>>;
    "entries.unit": Readonly<Record<never, never>>;
    "entries.unusual": { readonly low: MessageParam; readonly high: MessageParam };
    "entries.value1990OrLater": { readonly name: MessageParam };
    "entries.valuePastOrNow": { readonly name: MessageParam };
    "entries.valueRefused": { readonly reason: MessageParam; readonly name: MessageParam };
    "entries.wasCorrected": Readonly<Record<never, never>>;
    "entries.why": Readonly<Record<never, never>>;
    "entries.withdraw": Readonly<Record<never, never>>;
    "entries.withdrawn": Readonly<Record<never, never>>;
    "entries.withdraws": Readonly<Record<never, never>>;
  }
}
