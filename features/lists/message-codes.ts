// Generated from features/lists/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "lists.about": Readonly<Record<never, never>>;
    "lists.branch": { readonly title: MessageParam };
    "lists.cellTooLong": { readonly most: MessageParam };
    "lists.changedMeanwhile": { readonly title: MessageParam };
    "lists.changedRows": Readonly<Record<never, never>>;
    "lists.choose": Readonly<Record<never, never>>;
    "lists.columnTwice": { readonly name: MessageParam };
    "lists.csv": Readonly<Record<never, never>>;
    "lists.csvFault": { readonly line: MessageParam; readonly reason: MessageParam };
    "lists.done": { readonly title: MessageParam; readonly created: MessageParam; readonly changed: MessageParam };
    "lists.empty": Readonly<Record<never, never>>;
    "lists.exportFailed": Readonly<Record<never, never>>;
    "lists.exportOf": { readonly title: MessageParam; readonly format: MessageParam };
    "lists.failed": Readonly<Record<never, never>>;
    "lists.faults": { readonly count: number };
    "lists.find": Readonly<Record<never, never>>;
    "lists.formulas": { readonly count: number };
    "lists.fromTo": { readonly from: MessageParam; readonly to: MessageParam };
    "lists.import": Readonly<Record<never, never>>;
    "lists.importOf": { readonly title: MessageParam };
    "lists.lacks": { readonly column: MessageParam };
    "lists.line": { readonly line: MessageParam };
    "lists.lineColumn": { readonly line: MessageParam; readonly column: MessageParam };
    "lists.list": Readonly<Record<never, never>>;
    "lists.logStored": { readonly title: MessageParam; readonly name: MessageParam };
    "lists.merged": { readonly count: number };
    "lists.newRows": Readonly<Record<never, never>>;
    "lists.noKey": { readonly column: MessageParam };
    "lists.noKeyValue": Readonly<Record<never, never>>;
    "lists.noSheet": Readonly<Record<never, never>>;
    "lists.none": { readonly id: MessageParam };
    "lists.notChoice": { readonly text: MessageParam; readonly choices: MessageParam };
    "lists.notNumber": { readonly text: MessageParam };
    "lists.notUtf8": Readonly<Record<never, never>>;
    "lists.notXlsx": { readonly reason: MessageParam };
    "lists.notYesNo": { readonly text: MessageParam };
    "lists.notes": Readonly<Record<never, never>>;
    "lists.nothing": Readonly<Record<never, never>>;
    "lists.nothingThere": Readonly<Record<never, never>>;
    "lists.oldExcel": { readonly name: MessageParam };
    "lists.previewFailed": Readonly<Record<never, never>>;
    "lists.propose": Readonly<Record<never, never>>;
    "lists.reading": Readonly<Record<never, never>>;
    "lists.refused": { readonly line: MessageParam; readonly fault: MessageParam };
    "lists.rows": { readonly rows: number };
    "lists.store": Readonly<Record<never, never>>;
    "lists.summary": { readonly created: MessageParam; readonly changed: MessageParam; readonly unchanged: MessageParam; readonly left: MessageParam };
    "lists.title": Readonly<Record<never, never>>;
    "lists.tooLarge": { readonly megabytes: MessageParam };
    "lists.tooManyColumns": { readonly most: MessageParam };
    "lists.tooManyRows": { readonly most: MessageParam };
    "lists.twice": { readonly line: MessageParam };
    "lists.unknownColumn": { readonly name: MessageParam };
    "lists.wholeFile": Readonly<Record<never, never>>;
    "lists.xlsx": Readonly<Record<never, never>>;
  }
}
