import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { z } from "zod";
import { refuse } from "../refuse.js";
import { mintSession, roleOfToken, SESSION_MS, type Tokens } from "../security/tokens.js";

const Body = z.strictObject({ token: z.string().max(200) });

/** Takes a token from the page (it came in the URL's fragment, which no server and no log sees) and gives a cookie that scripts cannot read. */
export function sessionRoutes(tokens: Tokens, cookie: string): Hono {
  return new Hono().post("/", async (c) => {
    const { token } = Body.parse(await c.req.json());
    const role = roleOfToken(tokens, token);
    if (role === null) return refuse(c, 401, "wrong_token", "This link is not valid any more. Open the one that `rlm dashboard` prints now.");
    const secure = c.req.header("x-forwarded-proto") === "https";
    setCookie(c, cookie, mintSession(tokens, role, Date.now()), { path: "/", httpOnly: true, sameSite: "Strict", maxAge: SESSION_MS / 1000, secure });
    return c.json({ role });
  });
}
