import { nextCursor } from "./list.js";
import type { CallOptions } from "./options.js";
import { search, segment } from "./paths.js";
import { type Answer, json, type Request, type Transport } from "./transport.js";
import type { Delivery, Webhook, WebhookEvent, WebhookWithSecret } from "./types.js";

export interface NewWebhook {
  /** Where deliveries go: https, and a public address. */
  url: string;
  events: WebhookEvent[];
  /** Whose events; may be missing if the caller has one account. */
  account_id?: string | undefined;
}

export interface DeliveryQuery {
  status?: Delivery["status"] | undefined;
  /** Most rows of a page: 1 to 100. */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  /** The `cursor` of the next page; undefined on the last one. */
  next: string | undefined;
}

/** Programs that are told of events, and what was delivered to them. */
export class Webhooks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The webhooks of the accounts that the caller may see. */
  async list(options: { account_id?: string | undefined } & CallOptions = {}): Promise<Webhook[]> {
    const { account_id } = options;
    return json(await this.#send({ path: `webhooks${search({ account_id })}` }, options));
  }

  /** Creates a webhook. Its secret is in this answer alone. */
  async create(webhook: NewWebhook, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return json(await this.#post("webhooks", options, webhook));
  }

  /** One webhook. */
  async get(webhookId: string, options: CallOptions = {}): Promise<Webhook> {
    return json(await this.#send({ path: path(webhookId) }, options));
  }

  /** Deletes a webhook. */
  async delete(webhookId: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: "DELETE", path: path(webhookId) }, options);
  }

  /** Delivers to a disabled webhook again. */
  async enable(webhookId: string, options: CallOptions = {}): Promise<Webhook> {
    return json(await this.#post(path(webhookId, "enable"), options));
  }

  /** Gives a webhook another secret; for a day, deliveries are signed with both. */
  async rotateSecret(webhookId: string, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return json(await this.#post(path(webhookId, "secret"), options));
  }

  /** Sends a test, and returns the id of its delivery. */
  async test(webhookId: string, options: CallOptions = {}): Promise<string> {
    const answer = await this.#post(path(webhookId, "test"), options);
    return json<{ delivery_id: string }>(answer).delivery_id;
  }

  /** What was delivered in the last 30 days, the newest first. */
  async deliveries(
    webhookId: string,
    options: DeliveryQuery & CallOptions = {},
  ): Promise<DeliveryPage> {
    const { status, limit, cursor } = options;
    const query = search({ status, limit, cursor });
    const answer = await this.#send({ path: path(webhookId, "deliveries") + query }, options);
    return { deliveries: json(answer), next: nextCursor(answer) };
  }

  /** Sends a delivery again. */
  async redeliver(
    webhookId: string,
    deliveryId: string,
    options: CallOptions = {},
  ): Promise<Delivery> {
    const route = `deliveries/${segment(deliveryId)}/redeliver`;
    return json(await this.#post(path(webhookId, route), options));
  }

  #post(path: string, options: CallOptions, body?: unknown): Promise<Answer> {
    return this.#send({ method: "POST", path, ...(body === undefined ? {} : { body }) }, options);
  }

  #send(request: Request, { signal }: CallOptions): Promise<Answer> {
    return this.#transport.send({ ...request, signal });
  }
}

const path = (webhookId: string, route?: string): string =>
  `webhooks/${segment(webhookId)}${route === undefined ? "" : `/${route}`}`;
