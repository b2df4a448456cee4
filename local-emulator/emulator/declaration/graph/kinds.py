"""Every resource type the declaration may use, and what becomes of it on this machine.

A type on neither list is an error: add it to one of them before the program declares it.
"""

from __future__ import annotations

REALISED: dict[str, str] = {
    "gcp:storage/bucket:Bucket": "a bucket of the GCS emulator",
    "gcp:storage/bucketObject:BucketObject": "an object of the GCS emulator; a source archive is unpacked beside it",
    "gcp:storage/notification:Notification": "a notificationConfig of the GCS emulator",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "a binding of the bucket's IAM policy in the GCS emulator",
    "gcp:storage/hmacKey:HmacKey": "an HMAC key of the GCS emulator",
    "gcp:pubsub/topic:Topic": "a topic of the Pub/Sub emulator",
    "gcp:pubsub/subscription:Subscription": "a subscription of the Pub/Sub emulator",
    "gcp:firestore/database:Database": "the Firestore emulator, which makes databases at their first use",
    "gcp:firebaserules/ruleset:Ruleset": "the rules file that the Firestore emulator is started with",
    "gcp:identityplatform/config:Config": "the Auth emulator of firebase-tools, with an account for each seed",
    "gcp:cloudfunctionsv2/function:Function": "a functions-framework process, run from its source archive",
    "gcp:cloudrunv2/service:Service": "the container's command as a process",
    "gcp:cloudscheduler/job:Job": "a timer of the stack that calls as declared",
    "gcp:cloudrunv2/job:Job": "a job of the Cloud Run Admin emulator: the container's command, run when asked for",
    "gcp:compute/instance:Instance": "the container that its metadata names, as a process",
    "docker-build:index:Image": "the tree that its Dockerfile copies; a service or job that names its `ref` runs there",
    "gcp:secretmanager/secretVersion:SecretVersion": "the value of secret environment variables",
    "random:index/randomPassword:RandomPassword": "a value derived from the stack's name",
}

RECORDED: dict[str, str] = {
    "gcp:projects/service:Service": "APIs need no enabling here",
    "time:index/sleep:Sleep": "what was just made is known at once here: there is nothing to wait for",
    "gcp:projects/serviceIdentity:ServiceIdentity": "Google's own service accounts: the lints follow their grants",
    "gcp:projects/iAMMember:IAMMember": "no emulator checks IAM; the lints read it",
    "gcp:projects/apiKey:ApiKey": "the Firestore emulator takes any key",
    "gcp:identityplatform/defaultSupportedIdpConfig:DefaultSupportedIdpConfig": "the Auth emulator asks for no client",
    "gcp:identityplatform/oauthIdpConfig:OauthIdpConfig": "the Auth emulator asks for no client",
    "gcp:firebase/project:Project": "App Check has no emulator: the local stack does not set `appCheckKey`",
    "gcp:firebase/webApp:WebApp": "App Check has no emulator",
    "gcp:firebase/appCheckRecaptchaEnterpriseConfig:AppCheckRecaptchaEnterpriseConfig": "App Check has no emulator",
    "gcp:firebase/appCheckServiceConfig:AppCheckServiceConfig": "no emulator demands App Check's tokens",
    "gcp:serviceaccount/account:Account": "no emulator checks identities; the lints read it",
    "gcp:serviceaccount/iAMMember:IAMMember": "no emulator checks IAM; the lints read it",
    "gcp:pubsub/topicIAMMember:TopicIAMMember": "no emulator checks IAM; the lints read it",
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": "no emulator checks IAM; the lints read it",
    "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": "no emulator checks IAM; the lints read it",
    "gcp:cloudrunv2/jobIamMember:JobIamMember": "no emulator checks IAM; the lints read it",
    "gcp:compute/network:Network": "everything is on this machine",
    "gcp:compute/firewall:Firewall": "everything is on this machine, and listens on loopback",
    "gcp:compute/globalAddress:GlobalAddress": "everything is on this machine: what `domain` puts in front is not",
    "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": "front answers by itself here",
    "gcp:compute/backendService:BackendService": "front answers by itself here, and nothing is cached on the way",
    "gcp:compute/uRLMap:URLMap": "front answers by itself here",
    "gcp:compute/managedSslCertificate:ManagedSslCertificate": "everything is on loopback, in the clear",
    "gcp:compute/sSLPolicy:SSLPolicy": "everything is on loopback, in the clear",
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": "front answers by itself here",
    "gcp:compute/targetHttpProxy:TargetHttpProxy": "front answers by itself here",
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": "front answers by itself here",
    "gcp:compute/address:Address": "127.0.0.1, with the port of the machine that has its name",
    "gcp:secretmanager/secret:Secret": "a name; its version carries the value",
    "gcp:secretmanager/secretIamMember:SecretIamMember": "no emulator checks IAM; the lints read it",
    "gcp:artifactregistry/repository:Repository": "images are not pushed anywhere here",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": "no emulator checks IAM; the lints read it",
    "pulumi-python:dynamic/firebaserules:Release": "the Ruleset that it names is loaded for its database",
    "gcp:firestore/index:Index": "the Firestore emulator indexes everything",
    "gcp:firestore/field:Field": "the Firestore emulator indexes everything",
    "gcp:firestore/backupSchedule:BackupSchedule": "the Firestore emulator keeps nothing longer than it runs",
    "gcp:logging/metric:Metric": "logs are files here; a test holds each filter against what the code logs",
    "gcp:monitoring/notificationChannel:NotificationChannel": "nothing is sent from here",
    "gcp:monitoring/alertPolicy:AlertPolicy": "the console page shows what runs; nothing watches it",
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": "the supervisor asks for health itself",
    "gcp:monitoring/dashboard:Dashboard": "the console page stands for it",
    "gcp:billing/budget:Budget": "nothing is billed here",
    "pulumi:providers:gcp": "which project and region: known to the evaluation",
}


def is_known(type: str) -> bool:
    """Whether `type` is on one of the lists, or a component (`media:...`), which only groups others."""
    return type in REALISED or type in RECORDED or type.startswith("media:")
