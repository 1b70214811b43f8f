// Generated from features/links/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "links.add": Readonly<Record<never, never>>;
    "links.address": Readonly<Record<never, never>>;
    "links.addressHint": Readonly<Record<never, never>>;
    "links.empty": Readonly<Record<never, never>>;
    "links.existsHere": { readonly count: number; readonly id: MessageParam };
    "links.expires": { readonly time: MessageParam };
    "links.filesBounded": { readonly count: number; readonly name: MessageParam; readonly each: MessageParam; readonly all: MessageParam };
    "links.filesNotRead": { readonly count: number; readonly name: MessageParam };
    "links.find": Readonly<Record<never, never>>;
    "links.forWhom": Readonly<Record<never, never>>;
    "links.grant": Readonly<Record<never, never>>;
    "links.grantEmpty": Readonly<Record<never, never>>;
    "links.grantExpired": Readonly<Record<never, never>>;
    "links.grantUnused": Readonly<Record<never, never>>;
    "links.grantUsed": { readonly duration: MessageParam };
    "links.grants": Readonly<Record<never, never>>;
    "links.grantsFind": Readonly<Record<never, never>>;
    "links.holds": { readonly count: number; readonly name: MessageParam };
    "links.key": Readonly<Record<never, never>>;
    "links.keyHint": Readonly<Record<never, never>>;
    "links.keyOnStdin": Readonly<Record<never, never>>;
    "links.keyOnce": { readonly label: MessageParam };
    "links.lastContact": { readonly duration: MessageParam };
    "links.linkedAlready": { readonly name: MessageParam };
    "links.logAdded": { readonly name: MessageParam };
    "links.logFollowed": { readonly name: MessageParam };
    "links.logRemoved": { readonly name: MessageParam };
    "links.markAway": { readonly name: MessageParam; readonly duration: MessageParam };
    "links.markFrom": { readonly name: MessageParam };
    "links.markNever": { readonly name: MessageParam };
    "links.name": Readonly<Record<never, never>>;
    "links.noContact": Readonly<Record<never, never>>;
    "links.noFile": { readonly id: MessageParam };
    "links.noGrant": { readonly id: MessageParam };
    "links.noKey": Readonly<Record<never, never>>;
    "links.noLink": { readonly id: MessageParam };
    "links.noSubject": { readonly id: MessageParam };
    "links.noneNamed": { readonly which: MessageParam };
    "links.nothingGranted": Readonly<Record<never, never>>;
    "links.otherWorld": Readonly<Record<never, never>>;
    "links.personal": Readonly<Record<never, never>>;
    "links.remove": Readonly<Record<never, never>>;
    "links.removeLabel": { readonly name: MessageParam };
    "links.returning": { readonly count: number };
    "links.revoke": Readonly<Record<never, never>>;
    "links.revokeLabel": { readonly label: MessageParam };
    "links.severalNamed": { readonly which: MessageParam; readonly ids: MessageParam };
    "links.shows": { readonly shells: number; readonly signals: number };
    "links.state": Readonly<Record<never, never>>;
    "links.state.broken": Readonly<Record<never, never>>;
    "links.state.connecting": Readonly<Record<never, never>>;
    "links.state.online": Readonly<Record<never, never>>;
    "links.state.refused": Readonly<Record<never, never>>;
    "links.title": Readonly<Record<never, never>>;
    "links.toItself": Readonly<Record<never, never>>;
    "links.until": Readonly<Record<never, never>>;
    "links.until.day": Readonly<Record<never, never>>;
    "links.until.ever": Readonly<Record<never, never>>;
    "links.until.month": Readonly<Record<never, never>>;
    "links.what": Readonly<Record<never, never>>;
    "links.world": Readonly<Record<never, never>>;
  }
}
