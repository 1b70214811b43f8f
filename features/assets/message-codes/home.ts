// Generated from features/assets/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assets.home.alarmsActive": { readonly count: number; readonly place: MessageParam };
    "assets.home.alarmsUnknown": { readonly count: number; readonly place: MessageParam };
    "assets.home.allConnections": Readonly<Record<never, never>>;
    "assets.home.assets": { readonly count: number };
    "assets.home.chooseText": Readonly<Record<never, never>>;
    "assets.home.chooseTitle": Readonly<Record<never, never>>;
    "assets.home.clear": Readonly<Record<never, never>>;
    "assets.home.connections": Readonly<Record<never, never>>;
    "assets.home.count": { readonly count: number; readonly free: MessageParam };
    "assets.home.lines": { readonly count: number };
    "assets.home.linesText": Readonly<Record<never, never>>;
    "assets.home.make": Readonly<Record<never, never>>;
    "assets.home.makeAnother": Readonly<Record<never, never>>;
    "assets.home.makeLine": Readonly<Record<never, never>>;
    "assets.home.more": { readonly count: MessageParam };
    "assets.home.noneYet": Readonly<Record<never, never>>;
    "assets.home.noneYetText": Readonly<Record<never, never>>;
    "assets.home.nothing": Readonly<Record<never, never>>;
    "assets.home.ofAsset": { readonly asset: MessageParam };
    "assets.home.past": Readonly<Record<never, never>>;
    "assets.home.search": Readonly<Record<never, never>>;
    "assets.home.selected": { readonly count: number };
    "assets.home.show": Readonly<Record<never, never>>;
    "assets.home.title": Readonly<Record<never, never>>;
    "assets.home.titleOf": { readonly connection: MessageParam };
    "assets.home.trendTitle": Readonly<Record<never, never>>;
    "assets.home.trends": Readonly<Record<never, never>>;
    "assets.home.wholePlant": Readonly<Record<never, never>>;
  }
}
