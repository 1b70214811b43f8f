// Generated from features/alarms/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "alarms.noAlarm": { readonly id: MessageParam };
    "alarms.noRule": { readonly id: MessageParam };
    "alarms.noSignal": { readonly id: MessageParam };
    "alarms.ruleChangedMeanwhile": { readonly title: MessageParam };
    "alarms.ruleNotStored": { readonly title: MessageParam };
  }
}
