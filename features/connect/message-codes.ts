// Generated from features/connect/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "connect.effectsBeingWorkedOut": { readonly effects: MessageParam };
    "connect.mappingHoldsMostWordsOverAll": { readonly max: MessageParam; readonly count: MessageParam; readonly id: MessageParam };
    "connect.mappingVersionNow": { readonly id: MessageParam; readonly newest: MessageParam; readonly expected: MessageParam };
    "connect.noStationId": { readonly id: MessageParam };
    "connect.submodelId": { readonly id: MessageParam };
  }
}
