import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { BENCH } from "../alarms/bench.fixture.ts";
import * as notifications from "./calls.ts";
import type { Channel, NotificationRule } from "./contract.ts";
import type { z } from "@doppelwerk/kit";
import type { ChannelFields } from "./model/channel-kind.ts";
import type { NotificationRuleFields } from "./model/rule-kind.ts";

/** Brings a value of a signal of the bench. */
export const bring = (site: HostedWorld, address: string, value: number) =>
  plantsOf(site).bring(BENCH, [{ address, value, time: site.now() }]);

export const mailChannel = (port: number, more: object = {}): z.input<typeof ChannelFields> => ({
  kind: "smtp",
  name: "Mail",
  host: "127.0.0.1",
  port,
  security: "none",
  from: "doppelwerk@plant.example",
  allowPrivate: true,
  ...more,
});

export const addChannel = (client: Client, fields: z.input<typeof ChannelFields>): Promise<Channel> =>
  notifications.addChannel(client, { body: fields as never });

export const addRule = (client: Client, fields: z.input<typeof NotificationRuleFields>): Promise<NotificationRule> =>
  notifications.addRule(client, { query: { branch: "live" }, body: { fields: fields as never } });
