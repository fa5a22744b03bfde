// ltijs with its own PostgreSQL plugin: MongoDB, its default, is in no Debian.
const { readFileSync } = require("node:fs");
const config = JSON.parse(readFileSync(process.env.PEER_CONFIG, "utf8"));
const lti = require("ltijs").Provider;
const Database = require("ltijs-sequelize");

const database = new Database(config.dbname, "proeftuin", "", {
  host: config.socket,
  dialect: "postgres",
  logging: false,
  pool: { max: 8 },
});
lti.setup("for this measurement only", { plugin: database }, {
  appRoute: "/launch",
  loginRoute: "/login",
  cookies: { secure: false, sameSite: "" },
});
lti.onConnect((_token, _request, response) => response.send("ok"));
(async () => {
  await lti.deploy({ port: config.port, silent: true });
  await lti.registerPlatform({
    url: config.issuer,
    name: "school",
    clientId: config.client_id,
    authenticationEndpoint: config.auth_url,
    accesstokenEndpoint: config.auth_url,
    authConfig: { method: "JWK_SET", key: config.jwks_url },
  });
  console.log("ready");
})();
