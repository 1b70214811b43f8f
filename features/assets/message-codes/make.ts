// Generated from features/assets/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assets.make.back": Readonly<Record<never, never>>;
    "assets.make.button": { readonly count: number };
    "assets.make.failed": Readonly<Record<never, never>>;
    "assets.make.like": { readonly count: number };
    "assets.make.made": { readonly count: number };
    "assets.make.missing": { readonly names: MessageParam };
    "assets.make.name": Readonly<Record<never, never>>;
    "assets.make.noRole": Readonly<Record<never, never>>;
    "assets.make.role": Readonly<Record<never, never>>;
    "assets.make.role.Blocked": Readonly<Record<never, never>>;
    "assets.make.role.Good": Readonly<Record<never, never>>;
    "assets.make.role.LastCycle": Readonly<Record<never, never>>;
    "assets.make.role.Product": Readonly<Record<never, never>>;
    "assets.make.role.Reject": Readonly<Record<never, never>>;
    "assets.make.role.Starved": Readonly<Record<never, never>>;
    "assets.make.role.Total": Readonly<Record<never, never>>;
    "assets.make.role.VendorState": Readonly<Record<never, never>>;
    "assets.make.template": Readonly<Record<never, never>>;
    "assets.make.title": Readonly<Record<never, never>>;
    "assets.make.value": Readonly<Record<never, never>>;
    "assets.make.whole": Readonly<Record<never, never>>;
  }
}
