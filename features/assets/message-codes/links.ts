// Generated from features/assets/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assets.links.api": Readonly<Record<never, never>>;
    "assets.links.apiAbout": Readonly<Record<never, never>>;
    "assets.links.asset": Readonly<Record<never, never>>;
    "assets.links.assetAbout": Readonly<Record<never, never>>;
    "assets.links.copy": { readonly name: MessageParam };
    "assets.links.derived": Readonly<Record<never, never>>;
    "assets.links.documents": Readonly<Record<never, never>>;
    "assets.links.information": Readonly<Record<never, never>>;
    "assets.links.informationAbout": Readonly<Record<never, never>>;
    "assets.links.noDocuments": Readonly<Record<never, never>>;
    "assets.links.signals": { readonly count: number };
    "assets.links.submodels": Readonly<Record<never, never>>;
    "assets.links.submodelsAbout": Readonly<Record<never, never>>;
  }
}
