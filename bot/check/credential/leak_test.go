package credential_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"apihelp/bot/check/credential"
)

// leaks are credentials in the forms in which people paste them; "§" is where
// the secret stands.
var leaks = []struct{ name, text, secret string }{
	// Keys by their prefix.
	{"stripe", "key sk_live_§ fails", "4eC39HqLyjWDarjtT1zdp7dc"},
	{"openai", "sk-proj-§", "aB3dE5gH7jK9mN1pQ3sT5vX7zA9"},
	{"github", "remote: ghp_§ denied", "16C7e42F292c6912E7710c838347Ae178B4a"},
	{"github fine", "github_pat_§", "11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789"},
	{"gitlab", "glpat-§.", "x8sGk2Lq9ZvTn4RbWc7p"},
	{"slack", "xoxb-§", "263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1"},
	{"google", "AIza§", "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"},
	{"aws pair", "AKIAIOSFODNN7EXAMPLE §", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
	{"sendgrid", "SG.§", "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc"},
	{"npm", "//registry.npmjs.org/:_authToken=npm_§", "rR7TyKc3mVq0pXz8aWs5Dg2HjL9bNf4EuMo1"},
	{"jwt", "got eyJhbGciOiJIUzI1NiJ9.§ expired", "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"},
	{"jwt cut", "eyJhbGciOiJIUzI1NiJ9.§...", "eyJzdWIiOiIxMjM0NTY3ODkwIiwiaWF0IjoxNT"},
	{"vault", "VAULT_TOKEN hvs.§", "CAESIJlU02dAyPR1Zq3kWmXv"},
	// Private keys.
	{"pem", "-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----\nthat one", "MIIEpAIBAAKCAQEAx7vQ\nq83kdl20slfkQQ"},
	{"pem cut", "look:\n-----BEGIN EC PRIVATE KEY-----\n§", "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY"},
	{"pem without its head", "§\n-----END PRIVATE KEY-----", "q83kdl20slfkQQx7vQq83kdl20slfkQQx7vQ\nMIIEpAIBAAKCAQEAx7vQ=="},
	{"pem in json", `{"private_key":"-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----\n"}`, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"},
	{"openssh", "-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"},
	{"pgp", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n§\n=njUN\n-----END PGP PRIVATE KEY BLOCK-----", "lQOYBFzU2T0BCADjSn1qPZ9Vx"},
	{"putty", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n§\nPrivate-MAC: 1a2b", "AAAAIEqs7zVh2Yp0GdWcPzjYrCkK4e9Rr1oMuFtw"},
	{"plain end of a pem", "§\n-----END PRIVATE KEY-----", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"},
	{"hidden too little", "api_key=§****", "4eC39HqLyj"},
	// Headers.
	{"bearer", "Authorization: Bearer §", "9f8e7d6c5b4a39281706"},
	{"basic", "-H 'Authorization: Basic §'", "YWxhZGRpbjpvcGVuc2VzYW1l"},
	{"bare header", "Authorization: §", "a8f5f167f44f4964e6c998dee827110c"},
	{"json header", `{"headers": {"Authorization": "Bearer §"}}`, "Zx81kLm20pQr55sT"},
	{"python header", `headers={'Authorization': f'Token §'}`, "0123abcd4567efgh89"},
	{"header list", `[["Authorization", "Bearer §"]]`, "Zx81kLm20pQr55sT"},
	{"har", `{"name": "Authorization", "value": "Bearer §"}`, "Zx81kLm20pQr55sT"},
	{"escaped header", `{\"Authorization\": \"Bearer §\"}`, "Zx81kLm20pQr55sT"},
	{"digest", `Authorization: Digest username="Mufasa", realm="x", response="§"`, "6629fae49393a05397450978507c4ef1"},
	{"sigv4", "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=§", "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"},
	{"proxy", "Proxy-Authorization: Basic §", "cHJveHk6aHVudGVyMg=="},
	{"x-api-key", "x-api-key: §", "hunter2hunter2"},
	{"cookie", "Cookie: theme=dark; sid=§; x=1", "deadbeefdeadbeef"},
	{"set-cookie", "< set-cookie: SESSION=§; Path=/; HttpOnly", "MzQyNGYwZGEtYjM0"},
	{"bare basic", "it is §", base64.StdEncoding.EncodeToString([]byte("aladdin:opensesame"))},
	// Curl, URLs, connection strings.
	{"curl -u", "curl -u ann:§ https://api.example.com", "open-sesame-12"},
	{"curl --user", `curl --user "ann:§"`, "open sesame?12"},
	{"basic url", "https://ann:§@api.example.com/v1", "pa%40ss-word"},
	{"postgres", "postgres://app:§@db:5432/app?sslmode=require", "s3/cr#3t@x"},
	{"mysql", "mysql+pymysql://root:§@127.0.0.1/x", "hunter2!"},
	{"mongo", "mongodb+srv://svc:§@cluster0.mongodb.net", "Qwerty-9-Uiop"},
	{"redis", "redis://:§@cache:6379/0", "f00dbabe99"},
	{"amqp", "amqps://user:§@mq.example.com/vh", "rabb1t-hole"},
	{"ado.net", "Server=db;Database=x;User Id=sa;Password=§;Encrypt=true", "Str0ng!Pa55"},
	{"azure", "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=§;EndpointSuffix=core.windows.net", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq=="},
	{"service bus", "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=§", "5dKlx0pEXAMPLEqg3Wc1sV="},
	{"s3 url", "https://b.s3.amazonaws.com/o?X-Amz-Expires=60&X-Amz-Signature=§&x=1", "fe5f80f77d5fa3beca038a248ff027d0"},
	{"sas url", "https://acme.blob.core.windows.net/c?sv=2022&sig=§&se=2026", "mX1pZ%2FqA7%3D3kLw9Rt"},
	{"query", "GET /v1/me?access_token=§&page=2", "9f86d081884c7d65"},
	{"slack hook", "https://hooks.slack.com/services/T00000000/B00000000/§", "XXXXabcdEFGH12345678"},
	{"discord hook", "https://discord.com/api/v10/webhooks/123456/§", "a8Kd_02kd-LSLSkdkd"},
	{"telegram", "https://api.telegram.org/bot§/getMe", "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"},
	// Files.
	{".env", "API_SECRET=§\nDEBUG=1", "abcdefghijkl"},
	{"export", `export DB_PASSWORD="§"`, "correct horse battery"},
	{"kubeconfig", "users:\n- user:\n    client-key-data: §\n", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo="},
	{"kubeconfig token", "    token: §", "k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9u"},
	{".npmrc", "//npm.example.com/:_password=§", "aHVudGVyMg=="},
	{".netrc", "machine api.example.com login ann password §", "opensesame"},
	{"yaml", "  password: '§'", "it has spaces"},
	{"sentry dsn", "https://§@o1.ingest.sentry.io/4", "0123456789abcdef0123456789abcdef"},
	// Words.
	{"in words", "my password is §", "hunter2"},
	{"in words, quoted", `the api key is "§"`, "7c9e6679x7425z40de"},
	{"in German", "mein passwort ist §", "hunter2!"},
	{"said to be the token", "here is my token: §, can you look", "tq8-77fh-2k1l"},
	{"said with a colon", "Password is: §", "Tr0ub4dor&3"},
	{"put together", `"Bearer " + "§"`, "q8Zx1kLm20p"},
	{"with escaped quotes", `{"password":"§"}`, `a\"b\"cdefgh`},
	// Disguises.
	{"full width", "ｓｋ＿ｌｉｖｅ＿§", "４ｅＣ３９ＨｑＬｙｊＷＤａｒｊｔ"},
	{"zero width", "sk_live_§", "4eC3\u200b9HqL\u2060yjWD\u00adarjt"},
	{"soft prefix", "s\u200bk_li\u200bve_§", "4eC39HqLyjWDarjt"},
	{"over two lines", "sk_live_§", "4eC39HqLyjWD\narjtT1zdp7dc"},
	{"quoted mail", "> sk_live_§", "4eC39HqLyjWD\n> arjtT1zdp7dc"},
	{"quoted printable", "sk_live_§", "4eC39HqLyjWD=\narjtT1zdp7dc"},
	{"smart quotes", "password: “§”", "open sesame"},
	{"entities", "api_key=&quot;§&quot;", "abc123def456"},
	{"url-encoded", "Authorization%3A%20Bearer%20§", "9f8e7d6c5b4a3928"},
	{"json escapes", `\u0061pi_key\u003d§`, "abc123def456"},
	{"json in json", `{\\\"password\\\": \\\"§\\\"}`, "opensesame"},
	{"slack link", "<https://ann:§@api.example.com|api.example.com>", "opensesame1"},
	{"slack label", "<https://x.example/?token=§|https://x.example/?token=§>", "abc123def456"},
	{"cyrillic", "sk_live_§", "4eC39HqLyjWDаrjtT1zd"},
	{"capitals", "SK_LIVE_§", "4EC39HQLYJWD"},
	{"in a fence", "```\nKEY=§\n```", "abcdefghijk"},
}

func TestEveryFormOfALeakIsTakenOut(t *testing.T) {
	for _, tt := range leaks {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.ReplaceAll(tt.text, "§", tt.secret)
			got, found := redactor.Redact(text)
			if piece := survivor(got, tt.secret); piece != "" {
				t.Errorf("%q is left of %q in %q", piece, tt.secret, got)
			}
			leaked := false
			for _, f := range found {
				leaked = leaked || f.Kind == credential.Leaked && f.Name != "" && f.Text == ""
			}
			if !leaked {
				t.Errorf("got %+v, want a leak", found)
			}
			if again := redact(got); again != got {
				t.Errorf("redacting once more makes %q of %q", again, got)
			}
		})
	}
}

// survivor is a piece of six bytes of the secret that is still in the text.
func survivor(text, secret string) string {
	for i := 0; i+6 <= len(secret); i++ {
		if piece := secret[i : i+6]; strings.Contains(text, piece) && !strings.Contains(piece, "XXXX") {
			return piece
		}
	}
	return ""
}
