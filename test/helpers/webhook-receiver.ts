import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedPost {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that takes what webhooks deliver, and remembers all of it. */
export class WebhookReceiver implements AsyncDisposable {
  readonly received: ReceivedPost[] = [];

  private constructor(private readonly server: Server) {}

  /** @param answer status of the answer to a post @default 200 */
  static async start(answer: (post: ReceivedPost) => number = () => 200): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
        const post: ReceivedPost = { url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
        receiver.received.push(post);
        response.writeHead(answer(post)).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const receiver = new WebhookReceiver(server);
    return receiver;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
