// Generated from features/edge/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "edge.configurationEdgeJsonFile": { readonly reason: MessageParam; readonly file: MessageParam };
    "edge.diskTakesNoMore": { readonly code: MessageParam; readonly folder: MessageParam };
    "edge.secretNoToken": { readonly secret: MessageParam };
    "edge.twoSignalsSent": { readonly file: MessageParam; readonly name: MessageParam };
  }
}
