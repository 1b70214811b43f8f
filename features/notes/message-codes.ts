// Generated from features/notes/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "notes.about": Readonly<Record<never, never>>;
    "notes.add": Readonly<Record<never, never>>;
    "notes.change": { readonly text: MessageParam };
    "notes.count": { readonly count: number };
    "notes.edited": Readonly<Record<never, never>>;
    "notes.noNote": { readonly id: MessageParam };
    "notes.noSubject": { readonly id: MessageParam };
    "notes.notRemoved": Readonly<Record<never, never>>;
    "notes.notStored": Readonly<Record<never, never>>;
    "notes.notYours": { readonly author: MessageParam };
    "notes.personal": Readonly<Record<never, never>>;
    "notes.rail.many": { readonly count: MessageParam };
    "notes.rail.one": { readonly author: MessageParam };
    "notes.remove": { readonly text: MessageParam };
    "notes.store": Readonly<Record<never, never>>;
    "notes.text": { readonly span: MessageParam };
    "notes.tile.at": Readonly<Record<never, never>>;
    "notes.tile.author": Readonly<Record<never, never>>;
    "notes.tile.hours": Readonly<Record<never, never>>;
    "notes.tile.list": Readonly<Record<never, never>>;
    "notes.tile.listAbout": Readonly<Record<never, never>>;
    "notes.tile.none": Readonly<Record<never, never>>;
    "notes.tile.note": Readonly<Record<never, never>>;
    "notes.title": Readonly<Record<never, never>>;
    "notes.wholePlant": Readonly<Record<never, never>>;
  }
}
