// Generated from features/publish/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "publish.addressBrokerLooksLikeMqttsBroker": { readonly url: MessageParam };
    "publish.addressCarriesNoUserNoPassword": { readonly host: MessageParam };
    "publish.nobodyNameMayReadOverOpc": { readonly name: MessageParam };
    "publish.notAskedFor": { readonly outlet: MessageParam };
    "publish.personal": Readonly<Record<never, never>>;
    "publish.placeUpWhereEventsPublishedCannot": { readonly file: MessageParam };
    "publish.placeUpWhereEventsPublishedNone": { readonly file: MessageParam };
    "publish.serverOpcUaServer": Readonly<Record<never, never>>;
    "publish.serverPublishes": Readonly<Record<never, never>>;
    "publish.settingsOf": { readonly outlet: MessageParam };
    "publish.settingsPublish": { readonly eventTopic: MessageParam };
    "publish.topicForm": Readonly<Record<never, never>>;
    "publish.topicOfSparkplug": Readonly<Record<never, never>>;
  }
}
