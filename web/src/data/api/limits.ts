// Made of openapi.json by `make docs`: 5a9ed38725cebb70fc304c7b38d65d79643ddc4ac0b33d391bf2da1a2c4fc222

/** Limits of the fields of requests. */
export const LIMITS = {
  "AnalysisChange": {
    "brands": {
      "maxItems": 200
    }
  },
  "Announced": {
    "sequence": {
      "minimum": 0,
      "maximum": 99999999
    },
    "media_time": {
      "minimum": 0,
      "maximum": 9999999
    },
    "duration": {
      "minimum": 0.001,
      "maximum": 12
    }
  },
  "BrandChange": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  },
  "NewBrand": {
    "aliases": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "prompts": {
      "maxItems": 50,
      "items": {
        "maxLength": 200,
        "pattern": "\\S"
      }
    },
    "threshold": {
      "minimum": 0,
      "maximum": 1
    },
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    }
  },
  "NewStream": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    },
    "id": {
      "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
    }
  },
  "NewUpload": {
    "name": {
      "maxLength": 1000,
      "pattern": "\\S"
    },
    "size": {
      "minimum": 1
    },
    "content_type": {
      "pattern": "^[ -~]*(?!\\n)$"
    }
  },
  "Preview": {
    "media_ms": {
      "minimum": 0
    }
  },
  "Range": {
    "from": {
      "minimum": 0
    },
    "to": {
      "minimum": 0
    },
    "id": {
      "pattern": "^[A-Za-z0-9]{1,64}(?!\\n)$"
    }
  },
  "StreamChange": {
    "name": {
      "maxLength": 200,
      "pattern": "\\S"
    }
  }
} as const
